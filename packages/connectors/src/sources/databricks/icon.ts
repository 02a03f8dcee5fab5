/** Layers of our own drawing. */
export const databricksIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none"><rect x="2" y="2" width="20" height="20" rx="5" fill="#E4572E"/><path d="M12 6l5.500 3-5.500 3-5.500-3zM6.500 12l5.500 3 5.500-3M6.500 15l5.500 3 5.500-3" stroke="#fff" stroke-width="1.400" stroke-linejoin="round" stroke-linecap="round"/></svg>`;
