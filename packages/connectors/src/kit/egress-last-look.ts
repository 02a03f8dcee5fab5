import type { Dispatcher } from 'undici';

/**
 * Asks once more before a request leaves. Between the moment when a request was permitted and its first byte lie the
 * queue of the connection pool, a name server and a handshake: time enough for the permission to be gone.
 */
export interface LastLook {
  /** Throws to keep the request from leaving. */
  readonly beforeSend: () => void;
}

/** Calls `beforeSend` of a request in the same turn as its first byte is written, on a connection that stands. */
export const lastLook: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const { beforeSend } = options as Partial<LastLook>;
  if (!beforeSend) return dispatch(options, handler);
  // The handler belongs to this one request.
  const start = handler.onRequestStart?.bind(handler);
  handler.onRequestStart = (controller, context) => {
    // What is thrown here is what the request fails with; nothing of it has been written.
    beforeSend();
    start?.(controller, context);
  };
  return dispatch(options, handler);
};
