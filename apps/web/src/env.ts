/** Whether the bundler made this for development. The bundler replaces it, so it may be read anywhere. */
export const isDevelopment = process.env.NODE_ENV === 'development';
