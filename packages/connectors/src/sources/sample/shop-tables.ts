import { nameGroups } from './name-groups.ts';

/** Raise it whenever the data changes: the directory of the generated file is named after it. */
export const shopVersion = 1;

/** Tables in the order of the shop's schema; `key` is the column that identifies a row, or should. */
export const shopTables = ['accounts', 'users', 'orders', 'events'] as const;

/**
 * SQL that makes the shop in an empty DuckDB database. Everything follows from MD5 of the row number, so that every
 * machine makes the same rows; "today" is 1 November 2026.
 */
export function shopSql(): string[] {
  return [
    'CREATE SCHEMA shop',
    `CREATE TEMP TABLE name_group AS ${nameGroupRows()}`,
    accounts,
    userBase,
    users,
    orders,
    events,
    'CHECKPOINT',
  ];
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const list = (values: string): string => `[${values.split(' ').map(text).join(', ')}]`;
const pick = (bits: string, values: string): string => {
  const count = values.split(' ').length;
  return `(${list(values)})[1 + (${bits} % ${count})::INTEGER]`;
};

function nameGroupRows(): string {
  const names = nameGroups.flatMap((group) => Array.from({ length: group.weight }, () => group));
  return names
    .map(
      ({ locale, country, given, family }, index) =>
        `SELECT ${index} AS pick, ${text(locale)} AS locale, ${text(country)} AS country, ${list(given)} AS given, ${list(family)} AS family`,
    )
    .join(' UNION ALL ');
}

const groupCount = nameGroups.reduce((sum, { weight }) => sum + weight, 0);

const accounts = `
  CREATE TABLE shop.accounts AS
  SELECT n::INTEGER AS id,
    CASE WHEN n % 977 = 0 THEN ' ' || name || '  ' WHEN n % 1409 = 0 THEN upper(name) ELSE name END AS name,
    CASE WHEN n % 61 = 0 THEN NULL ELSE domain END AS domain,
    CASE WHEN n % 37 = 0 THEN NULL ELSE ${pick('(hi >> 7)', 'Software Retail Logistics Healthcare Finance Manufacturing Education Media Energy Hospitality')} END AS industry,
    ${pick('(hi >> 13)', 'free free free starter starter team team business enterprise')} AS plan,
    CASE WHEN n % 53 = 0 THEN NULL ELSE (2 + pow((lo >> 11) % 1000, 1.6))::INTEGER END AS employees,
    ${pick('(hi >> 21)', 'US US US US GB GB DE DE FR ES BR PL TR VN KZ GR JP CN KR EG IL IN TH')} AS country,
    CASE WHEN n % 29 = 0 THEN NULL
      ELSE (pow((lo >> 23) % 1000, 2.4) * 31.7)::DECIMAL(14, 2) END AS annual_revenue,
    lower('rep' || (1 + hi % 40)) || '@sluice-shop.example' AS owner_email,
    n % 17 = 0 AS churned,
    (TIMESTAMP '2020-01-01' + to_seconds(((lo >> 31) % 215000000)::BIGINT))::TIMESTAMP AS created_at
  FROM (
    SELECT n, lo, hi, first || ' ' || second AS name,
      lower(first) || '-' || lower(second) || '-' || n || '.example' AS domain
    FROM (
      SELECT n, lo, hi,
        ${pick('(lo >> 3)', 'Northwind Bluebird Granite Harbor Juniper Copper Meridian Lakeside Summit Evergreen Falcon Orchard Quartz Redwood Silver Willow Cobalt Amber Cedar Pioneer')} AS first,
        ${pick('(hi >> 3)', 'Logistics Labs Foods Systems Partners Works Health Media Energy Textiles Robotics Studios Traders Analytics Motors Supply Bank Travel')} AS second
      FROM (SELECT range AS n, md5_number_lower('account:' || range) AS lo, md5_number_upper('account:' || range) AS hi
        FROM range(1, 5001))
    )
  )`;

// Ten rows without a key; eleven keys twice and one three times make 25 rows that share their key.
const userBase = `
  CREATE TEMP TABLE user_base AS
  SELECT n, lo, hi, (hi >> 3) % 10000 AS flaw,
    CASE WHEN n % 9973 = 0 THEN NULL
      WHEN n % 8191 = 0 AND n < 8191 * 12 THEN n - 1
      WHEN n IN (50001, 50002) THEN 50000
      ELSE n END AS id,
    CASE WHEN (lo >> 40) % 50 = 0 THEN NULL
      ELSE 1 + (pow((lo % 1000003) / 1000003.0, 2) * 4999)::INTEGER END AS account_id
  FROM (SELECT range AS n, md5_number_lower('user:' || range) AS lo, md5_number_upper('user:' || range) AS hi
    FROM range(1, 100001))`;

const users = `
  CREATE TABLE shop.users AS
  WITH named AS (
    SELECT base.*, "group".locale, "group".country,
      "group".given[1 + ((lo >> 9) % len("group".given))::INTEGER] AS given,
      "group".family[1 + ((hi >> 17) % len("group".family))::INTEGER] AS family
    FROM user_base base JOIN name_group "group" ON "group".pick = (lo >> 20) % ${groupCount}
  ), mailed AS (
    SELECT named.*, coalesce(accounts.domain, ${pick('(hi >> 29)', 'mailbox.example post.example inbox.example')}) AS domain,
      regexp_replace(lower(strip_accents(given || '.' || family)), '[^a-z.]', '', 'g') AS local_part
    FROM named LEFT JOIN shop.accounts accounts ON accounts.id = named.account_id
  ), addressed AS (
    SELECT mailed.*, CASE WHEN length(local_part) < 4 THEN 'user' ELSE local_part END || '.' || n || '@' || domain AS address
    FROM mailed
  )
  SELECT id::INTEGER AS id, account_id,
    CASE WHEN flaw < 200 THEN NULL
      WHEN flaw < 250 THEN 'office@' || domain
      WHEN flaw < 450 THEN upper(left(address, 1)) || substr(address, 2)
      WHEN flaw < 550 THEN upper(address)
      WHEN flaw < 580 THEN ' ' || address || ' '
      WHEN flaw < 590 THEN 'n/a'
      WHEN flaw < 595 THEN ''
      ELSE address END AS email,
    CASE WHEN flaw BETWEEN 603 AND 652
        THEN given || ' ' || ${pick('n', '🎉 🚀 👩‍💻 🏳️‍🌈 👨‍👩‍👧‍👦 ❤️ 🇩🇪')}
      WHEN flaw BETWEEN 653 AND 703 THEN '  ' || given ELSE given END AS first_name,
    CASE WHEN flaw BETWEEN 600 AND 602 THEN repeat(family || '-', 60) || family
      WHEN flaw BETWEEN 704 AND 803 THEN NULL ELSE family END AS last_name,
    CASE WHEN (lo >> 26) % 10 < 3 THEN NULL
      ELSE replace(${pick('(lo >> 33)', 'Engineer Product_Manager CEO CTO Head_of_Sales Analyst Designer R&D_Lead Marketing_Manager Consultant')}, '_', ' ') END AS title,
    country, locale,
    CASE WHEN (hi >> 35) % 4 = 0 THEN NULL
      ELSE '+1 555 ' || lpad(((hi >> 37) % 10000000)::VARCHAR, 7, '0') END AS phone,
    CASE WHEN (hi >> 20) % 1000 < 300 THEN NULL
      WHEN (hi >> 20) % 1000 < 310 THEN DATE '1900-01-01'
      WHEN (hi >> 20) % 1000 < 313 THEN DATE '2099-12-31'
      ELSE DATE '1950-01-01' + ((lo >> 14) % 20000)::INTEGER END AS birthday,
    (lo >> 18) % 3 > 0 AS marketing_opt_in,
    CASE WHEN (lo >> 44) % 5 = 0 THEN 0 ELSE (pow((hi >> 41) % 1000, 1.9) / 17)::DECIMAL(12, 2) END AS lifetime_value,
    CASE WHEN (hi >> 11) % 20 = 0 THEN NULL ELSE ((hi >> 24) % 100000) / 100000.0::DOUBLE END AS lead_score,
    list_filter([CASE WHEN lo % 7 = 0 THEN 'vip' END, CASE WHEN lo % 3 = 0 THEN 'newsletter' END,
      CASE WHEN lo % 11 = 0 THEN 'beta' END], tag -> tag IS NOT NULL) AS tags,
    json_object('seats', 1 + (lo >> 5) % 25, 'theme', ${pick('(lo >> 7)', 'light dark system')},
      'utm', json_object('source', ${pick('(hi >> 9)', 'search ads partner event direct')})) AS properties,
    (TIMESTAMP '2021-01-01' + to_microseconds((((lo >> 29) % 184000000) * 1000000 + (hi >> 43) % 1000000)::BIGINT))::TIMESTAMPTZ AS signed_up_at,
    CASE WHEN (hi >> 31) % 6 = 0 THEN NULL
      ELSE (TIMESTAMP '2026-11-01' - to_seconds(((hi >> 33) % 40000000)::BIGINT))::TIMESTAMPTZ END AS last_seen_at
  FROM addressed ORDER BY n`;

const orders = `
  CREATE TABLE shop.orders AS
  SELECT draw.n::BIGINT + 1000000000000 AS id, base.id::INTEGER AS user_id, base.account_id,
    ${pick('(draw.lo >> 7)', 'paid paid paid paid paid shipped shipped pending cancelled refunded')} AS status,
    ${pick('(draw.lo >> 13)', 'USD USD USD EUR EUR GBP JPY BRL')} AS currency,
    CASE WHEN draw.n % 97 = 0 THEN -total WHEN draw.n % 211 = 0 THEN 0 ELSE total END AS total,
    CASE WHEN draw.hi % 4 = 0 THEN ((draw.hi >> 9) % 50 / 100)::DECIMAL(4, 2) END AS discount,
    (1 + (draw.hi >> 15) % 12)::SMALLINT AS items,
    CASE WHEN draw.n % 4001 = 0 THEN '=1+1' WHEN draw.n % 997 = 0 THEN 'Said "leave it, please"' || chr(10) || 'at the door'
      WHEN draw.n % 503 = 0 THEN '🎁 gift; wrap, please' WHEN draw.n % 251 = 0 THEN '' END AS note,
    TIMESTAMP '2022-01-01' + to_seconds(((draw.lo >> 19) % 152000000)::BIGINT) AS ordered_at,
    CASE WHEN (draw.hi >> 23) % 3 = 0 THEN NULL WHEN draw.n % 5003 = 0 THEN DATE '1900-01-01'
      ELSE (TIMESTAMP '2022-01-03' + to_seconds(((draw.lo >> 19) % 152000000)::BIGINT))::DATE END AS shipped_on
  FROM (
    SELECT *, (5 + pow((hi >> 29) % 10000, 1.3) / 20)::DECIMAL(12, 2) AS total
    FROM (SELECT range AS n, md5_number_lower('order:' || range) AS lo, md5_number_upper('order:' || range) AS hi
      FROM range(1, 200001))
  ) draw
  JOIN user_base base ON base.n = 1 + (pow((draw.lo % 1000003) / 1000003.0, 1.5) * 99999)::BIGINT
  ORDER BY draw.n`;

const events = `
  CREATE TABLE shop.events AS
  SELECT md5('event:' || draw.n)::UUID AS id, base.id::INTEGER AS user_id,
    ${pick('(draw.lo >> 5)', 'page_viewed page_viewed page_viewed page_viewed product_viewed product_viewed cart_updated checkout_started order_placed signed_in invited_teammate support_opened')} AS name,
    ${pick('(draw.lo >> 11)', '/ /pricing /docs /products/42 /products/7?ref=ad /checkout /account')} AS path,
    json_object('device', ${pick('(draw.hi >> 5)', 'desktop desktop phone tablet')}, 'duration_ms', (draw.hi >> 11) % 90000,
      'experiment', CASE WHEN draw.hi % 5 = 0 THEN ${pick('(draw.hi >> 13)', 'A B')} END) AS properties,
    (TIMESTAMP '2026-08-01' + to_microseconds((((draw.lo >> 17) % 7948800) * 1000000 + (draw.hi >> 40) % 1000000)::BIGINT))::TIMESTAMPTZ AS occurred_at
  FROM (SELECT range AS n, md5_number_lower('event:' || range) AS lo, md5_number_upper('event:' || range) AS hi
    FROM range(1, 300001)) draw
  JOIN user_base base ON base.n = 1 + (pow((draw.lo % 1000003) / 1000003.0, 2) * 99999)::BIGINT
  ORDER BY draw.n`;
