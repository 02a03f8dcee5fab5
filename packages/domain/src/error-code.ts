/**
 * Every failure a person can meet has a code here; `docs/errors.md` is written from this table, and a test keeps the
 * two in step.
 *
 * `fault` says who has to act, and so decides alerting, back-off and automatic pause:
 * `user` (a setting, a query, a credential), `theirs` (the source or the destination), `ours` (a defect in Sluice).
 */
export type Fault = 'user' | 'theirs' | 'ours';

interface ErrorDefinition {
  /** HTTP status that the API answers with. */
  readonly status: number;
  readonly fault: Fault;
  /** Whether the same request can succeed later without anybody changing anything. */
  readonly retry: boolean;
  /** Why this happens, for the documentation. */
  readonly why: string;
  /** What a person can do about it, shown below the message. */
  readonly fix: string;
}

const define = (status: number, fault: Fault, retry: boolean, why: string, fix: string): ErrorDefinition => ({
  status,
  fault,
  retry,
  why,
  fix,
});

export const errorCodes = {
  // Requests
  input_invalid: define(
    422,
    'user',
    false,
    'A field of the request is missing or has a wrong value.',
    'Correct the fields named below and send it again.',
  ),
  not_found: define(
    404,
    'user',
    false,
    'Nothing with this id exists in this workspace.',
    'Check the link, or switch to the workspace it belongs to.',
  ),
  slug_taken: define(409, 'user', false, 'Slugs are unique in a workspace.', 'Choose another slug.'),
  in_use: define(409, 'user', false, 'Other resources depend on this one.', 'Remove or change those first.'),
  conflict: define(
    409,
    'user',
    false,
    'Somebody changed this since you opened it.',
    'Reload, and make your change again.',
  ),
  confirmation_required: define(
    409,
    'user',
    false,
    'The change has consequences that need your consent.',
    'Read what will happen, and confirm.',
  ),
  rate_limited: define(
    429,
    'user',
    true,
    'Too many requests in a short time.',
    'Wait for the time named in Retry-After.',
  ),
  server_unreachable: define(
    503,
    'theirs',
    true,
    'The command line could not talk to Sluice.',
    'Check SLUICE_URL, that Sluice runs, and that this machine may connect to it.',
  ),
  payload_too_large: define(413, 'user', false, 'The request is larger than 1 MB.', 'Send less at once.'),
  // Access
  unauthenticated: define(
    401,
    'user',
    false,
    'The request carries no valid session or token.',
    'Sign in again, or check the token.',
  ),
  forbidden: define(
    403,
    'user',
    false,
    'Your role or token does not allow this.',
    'Ask an admin of the workspace.',
  ),
  credentials_wrong: define(
    401,
    'user',
    false,
    'The e-mail address and the password do not belong together.',
    'Check both, or ask an admin for a new invitation.',
  ),
  email_taken: define(409, 'user', false, 'An account with this address exists.', 'Sign in instead.'),
  password_weak: define(
    422,
    'user',
    false,
    'The password is too short or among the most common.',
    'Use at least 8 characters that are hard to guess.',
  ),
  invitation_invalid: define(
    404,
    'user',
    false,
    'The invitation was used, revoked, or is older than 7 days.',
    'Ask for a new link.',
  ),
  last_admin: define(
    409,
    'user',
    false,
    'A workspace without an admin could not be managed by anybody.',
    'Make another member admin first.',
  ),
  // Sources
  source_unreachable: define(
    422,
    'theirs',
    true,
    'No connection to the host and port could be made.',
    'Check host, port and firewall; Sluice must be allowed to connect.',
  ),
  source_tls: define(
    422,
    'user',
    false,
    'The server and Sluice could not agree on an encrypted connection.',
    'Change the SSL mode, or install a valid certificate on the server.',
  ),
  source_auth: define(
    422,
    'user',
    false,
    'The source refused the user or the password.',
    'Check user and password, and that the user may sign in from outside.',
  ),
  source_permission: define(
    422,
    'user',
    false,
    'The user lacks a right on the data.',
    'Grant the right named in the message.',
  ),
  source_ended_early: define(
    502,
    'theirs',
    true,
    'The connection broke before the result was complete; nothing was planned from the part that arrived.',
    'Run again. If it repeats, look for time-outs on the server or between.',
  ),
  source_timeout: define(
    504,
    'theirs',
    true,
    'The source did not answer in time, and the query was cancelled.',
    'Make the query cheaper, or raise the time limit.',
  ),
  source_failed: define(
    502,
    'theirs',
    true,
    'The source answered with an error.',
    'Read the message of the source.',
  ),
  // Models
  query_invalid: define(
    422,
    'user',
    false,
    'The source could not understand the query.',
    'Correct the query at the place named in the message.',
  ),
  query_not_read_only: define(
    422,
    'user',
    false,
    'A model may only read. The query tried to write or to run several statements.',
    'Use a single SELECT.',
  ),
  query_columns_duplicate: define(
    422,
    'user',
    false,
    'Two columns of the result have the same name.',
    'Give each column its own name with AS.',
  ),
  model_primary_key_missing: define(
    422,
    'user',
    false,
    'The primary key is not a column of the result.',
    'Choose another primary key, or bring the column back.',
  ),
  model_column_missing: define(
    422,
    'user',
    false,
    'A column that a sync uses is no longer in the result.',
    'Bring the column back, or change the mapping.',
  ),
  // Destinations
  destination_unreachable: define(
    422,
    'theirs',
    true,
    'No connection to the destination could be made.',
    'Check the address and the firewall.',
  ),
  destination_tls: define(
    422,
    'user',
    false,
    'The certificate of the destination is not valid for this address.',
    'Install a valid certificate.',
  ),
  destination_auth: define(
    422,
    'user',
    false,
    'The destination refused the credentials.',
    'Replace the credentials of the destination.',
  ),
  destination_permission: define(
    422,
    'user',
    false,
    'The credentials lack a right.',
    'Grant the right named in the message.',
  ),
  destination_rate_limited: define(
    429,
    'theirs',
    true,
    'The destination asks for a pause.',
    'Nothing: Sluice waits and goes on. Lower the request rate if it happens often.',
  ),
  destination_failed: define(
    502,
    'theirs',
    true,
    'The destination answered with an error.',
    'Read its answer on the run page.',
  ),
  destination_object_missing: define(
    422,
    'user',
    false,
    'The object the sync writes to does not exist (any more).',
    'Choose another object, or create it.',
  ),
  destination_match_key_not_unique: define(
    422,
    'user',
    false,
    'Records can only be found by a field that is unique at the destination.',
    'Add a unique constraint, or match by another field.',
  ),
  // Syncs and runs
  mapping_invalid: define(
    422,
    'user',
    false,
    'A mapping names a field or a column that does not exist, or leaves out a required one.',
    'Correct the mapping.',
  ),
  template_invalid: define(
    422,
    'user',
    false,
    'The template is not valid Liquid.',
    'Correct the template at the place named in the message.',
  ),
  schedule_invalid: define(
    422,
    'user',
    false,
    'The schedule can never fire, or its time zone is unknown.',
    'Correct the expression; the next five times are shown below it.',
  ),
  sync_disabled: define(409, 'user', false, 'A disabled sync does not run.', 'Enable it first.'),
  run_guard: define(
    409,
    'user',
    false,
    'The run would remove or change more rows than the guard of the sync allows.',
    'Check the model; if the change is wanted, run again without the guard.',
  ),
  run_crash_loop: define(
    500,
    'ours',
    false,
    'The run ended its worker five times without progress.',
    'Report it with the run number; memory limits are the usual cause.',
  ),
  run_not_active: define(409, 'user', false, 'The run has already ended.', 'Nothing to do.'),
  sequence_stopped: define(
    409,
    'user',
    false,
    'A step of the sequence did not end as its policy demands, so the steps after it were not started.',
    'Look at the run of that step, correct what it names, and run the sequence again.',
  ),
  ledger_missing: define(
    500,
    'ours',
    false,
    'The record of what was delivered could not be read.',
    'Restore the blob store, or do a full resync.',
  ),
  plan_missing: define(
    404,
    'user',
    false,
    'The rows of this run are no longer kept.',
    'Raise the retention of the workspace for the future.',
  ),
  storage_full: define(
    507,
    'ours',
    true,
    'There is no room left to stage the rows.',
    'Free disk space in the data directory, and run again.',
  ),
  egress_refused: define(
    422,
    'user',
    false,
    'The address is private, reserved or not allowed, so Sluice does not connect to it.',
    'Use a public address, or have the operator add host:port to EGRESS_ALLOW.',
  ),
  connector_defect: define(
    500,
    'ours',
    false,
    'A connector broke its contract.',
    'Report it with the run number.',
  ),
  settings_invalid: define(
    500,
    'user',
    false,
    'A setting of the installation (an environment variable) is missing or wrong.',
    'Correct the variable named in the message, and start again.',
  ),
  internal: define(
    500,
    'ours',
    true,
    'Something in Sluice went wrong.',
    'Try again; report it with the request id if it repeats.',
  ),
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errorCodes;
