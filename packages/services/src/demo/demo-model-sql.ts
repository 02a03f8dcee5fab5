/** The model of the demo workspace, over the tables of the sample source. */
export const demoModelSql = `-- One row per user, with company and what they have spent.
select
  u.id as user_id,
  u.email,
  trim(u.first_name || ' ' || u.last_name) as full_name,
  a.name as company,
  a.plan,
  a.country,
  coalesce(o.spent, 0) as lifetime_value,
  u.last_seen_at
from users u
left join accounts a on a.id = u.account_id
left join (
  select user_id, sum(total) as spent
  from orders
  group by user_id
) o on o.user_id = u.id
`;
