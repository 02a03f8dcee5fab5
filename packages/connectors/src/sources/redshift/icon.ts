/** Discs shifted to the red: our own drawing. */
export const redshiftIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none"><rect x="2" y="2" width="20" height="20" rx="5" fill="#8C2F39"/><circle cx="9.500" cy="12" r="4" stroke="#fff" stroke-width="1.500"/><circle cx="14.500" cy="12" r="4" stroke="#F4A6A6" stroke-width="1.500"/></svg>`;
