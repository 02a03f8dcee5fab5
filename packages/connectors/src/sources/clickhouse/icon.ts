/** Columns of our own drawing. */
export const clickHouseIcon =
  '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="#8a6d00" stroke-width="2.2" stroke-linecap="round" aria-hidden="true"><path d="M5 19V9M9.700 19V5M14.300 19v-8M19 19V7"/></svg>';
