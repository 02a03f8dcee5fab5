import { amazonS3Destination } from './destinations/amazon-s3/definition.ts';
import { brazeDestination } from './destinations/braze/definition.ts';
import { customerIoDestination } from './destinations/customer-io/definition.ts';
import { googleSheetsDestination } from './destinations/google-sheets/definition.ts';
import { httpRequestDestination } from './destinations/http-request/definition.ts';
import { hubspotDestination } from './destinations/hubspot/definition.ts';
import { kafkaDestination } from './destinations/kafka/definition.ts';
import { klaviyoDestination } from './destinations/klaviyo/definition.ts';
import { metaAudiencesDestination } from './destinations/meta-audiences/definition.ts';
import { mysqlDestination } from './destinations/mysql/definition.ts';
import { postgresqlDestination } from './destinations/postgresql/definition.ts';
import { redisDestination } from './destinations/redis/definition.ts';
import { rudderstackDestination } from './destinations/rudderstack/definition.ts';
import { salesforceDestination } from './destinations/salesforce/definition.ts';
import { segmentDestination } from './destinations/segment/definition.ts';
import { sftpDestination } from './destinations/sftp/definition.ts';
import { slackDestination } from './destinations/slack/definition.ts';
import type { DestinationDefinition } from './kit/destination.ts';
import type { SourceDefinition } from './kit/source.ts';
import { bigquerySource } from './sources/bigquery/definition.ts';
import { clickHouseSource } from './sources/clickhouse/definition.ts';
import { databricksSource } from './sources/databricks/definition.ts';
import { filesSource } from './sources/files/definition.ts';
import { mysqlSource } from './sources/mysql/definition.ts';
import { postgresqlSource } from './sources/postgresql/definition.ts';
import { redshiftSource } from './sources/redshift/definition.ts';
import { sampleSource } from './sources/sample/definition.ts';
import { snowflakeSource } from './sources/snowflake/definition.ts';
import { sqliteSource } from './sources/sqlite/definition.ts';

/** Every kind of source, by slug. The only place that names them. */
export const sourceDefinitions: Readonly<Record<string, SourceDefinition>> = bySlug([
  postgresqlSource,
  snowflakeSource,
  bigquerySource,
  databricksSource,
  redshiftSource,
  clickHouseSource,
  mysqlSource,
  filesSource,
  sqliteSource,
  sampleSource,
]);

/** Every kind of destination, by slug. The only place that names them. */
export const destinationDefinitions: Readonly<Record<string, DestinationDefinition>> = bySlug([
  postgresqlDestination,
  mysqlDestination,
  redisDestination,
  rudderstackDestination,
  segmentDestination,
  httpRequestDestination,
  customerIoDestination,
  hubspotDestination,
  salesforceDestination,
  klaviyoDestination,
  metaAudiencesDestination,
  googleSheetsDestination,
  slackDestination,
  brazeDestination,
  amazonS3Destination,
  sftpDestination,
  kafkaDestination,
]);

function bySlug<Definition extends { readonly slug: string }>(
  definitions: readonly Definition[],
): Record<string, Definition> {
  return Object.fromEntries(definitions.map((definition) => [definition.slug, definition]));
}
