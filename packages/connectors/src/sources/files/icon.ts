/** Two sheets. */
export const filesIcon =
  '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="#b7791f" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M8 3.500h7l4 4V17H8Z"/><path d="M15 3.500v4h4"/><path d="M8 7H5v13.500h10.500V17"/><path d="M11 11h5M11 14h5"/></svg>';
