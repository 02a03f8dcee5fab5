/** A shop front. */
export const sampleIcon =
  '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="#7c5cbf" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M4 10v9.5h16V10"/><path d="M3 8.5 5 4h14l2 4.5a2.75 2.75 0 0 1-5 1.5 3 3 0 0 1-4 1.2A3 3 0 0 1 8 10a2.75 2.75 0 0 1-5-1.5Z"/><path d="M9.5 19.5v-5h5v5"/></svg>';
