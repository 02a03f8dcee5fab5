/** A drawer in a sheet of paper: our own drawing. */
export const sqliteIcon =
  '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="#2b6f8f" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M6 3.500h8l4 4v13H6Z"/><path d="M14 3.500v4h4"/><path d="M6 12h12M6 16.250h12M11 14.100h2M11 18.400h2"/></svg>';
