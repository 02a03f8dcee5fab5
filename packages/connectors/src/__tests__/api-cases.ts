import { brazeCase } from '../destinations/braze/__tests__/api-case.ts';
import { customerIoCase } from '../destinations/customer-io/__tests__/api-case.ts';
import { googleSheetsCase } from '../destinations/google-sheets/__tests__/api-case.ts';
import { hubspotCase } from '../destinations/hubspot/__tests__/api-case.ts';
import { klaviyoCase } from '../destinations/klaviyo/__tests__/api-case.ts';
import { metaAudiencesCase } from '../destinations/meta-audiences/__tests__/api-case.ts';
import { rudderstackCase } from '../destinations/rudderstack/__tests__/api-case.ts';
import { salesforceCase } from '../destinations/salesforce/__tests__/api-case.ts';
import { segmentCase } from '../destinations/segment/__tests__/api-case.ts';
import { slackCase } from '../destinations/slack/__tests__/api-case.ts';
import type { ApiCase } from './api-case.ts';

/** The case of each API destination, by slug. */
export const apiCases: Readonly<Record<string, ApiCase>> = {
  rudderstack: rudderstackCase,
  segment: segmentCase,
  'customer-io': customerIoCase,
  hubspot: hubspotCase,
  salesforce: salesforceCase,
  klaviyo: klaviyoCase,
  'meta-audiences': metaAudiencesCase,
  'google-sheets': googleSheetsCase,
  slack: slackCase,
  braze: brazeCase,
};
