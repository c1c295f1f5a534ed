import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** Errors of the HTTP layer, before or around a route. */
export const HTTP_ERRORS = {
  bad_request: {
    status: 400,
    message: ({ what = 'request is malformed' }: { readonly what?: string }) => `The ${what}.`,
    meaning: 'The bytes are not HTTP, or the request line or a header cannot be what it is.',
    action: 'Correct the request.',
  },
  invalid_json: {
    status: 400,
    message: ({ what }: { readonly what: string }) => what,
    meaning: 'The body is not JSON that the API takes: one object, in UTF-8, each member once, not too deep.',
    action: 'Correct the body; the sentence says what is wrong with it.',
  },
  idempotency_key_required: {
    status: 400,
    message: 'This call needs the header Idempotency-Key.',
    action: 'Make up a key, such as a UUID, and send the same one when you repeat the request.',
  },
  password_change_required: {
    status: 403,
    message: 'Change the password first: somebody else chose it.',
    action: 'Change the password (changeOwnPassword), then refresh the token.',
  },
  second_factor_required: {
    status: 403,
    message: 'Enrol a second factor first: the bank requires one.',
    action: 'Enrol an authenticator (enrolTotp, confirmTotp), then refresh the token.',
  },
  address_not_allowed: {
    status: 403,
    message: 'The API key may not be used from this address.',
    action: 'Use it from an address in its `addresses`, or make another key.',
  },
  api_key_bound: {
    status: 403,
    message: 'The API key is bound to accounts or customers, and this call is not about them alone.',
    meaning:
      'A key that is bound to accounts or customers calls what names one of them. A list needs it as a filter. What is about the whole bank is out of its reach.',
    action: 'Name an account or customer of the key, or use another key.',
  },
  metrics_private: {
    status: 403,
    message: 'Metrics are for this machine alone; FLORIN_METRICS_TOKEN lets in whoever brings it.',
    action: 'Set FLORIN_METRICS_TOKEN, and send it as a bearer token.',
  },
  method_not_allowed: {
    status: 405,
    message: ({ methods }: { readonly methods: string }) => `This path takes ${methods}.`,
    meaning: 'There is such a path, but it does not take this method.',
    action: 'Use one of the methods in `Allow`.',
  },
  request_timeout: {
    status: 408,
    message: 'The request did not arrive in time.',
    action: 'Repeat it: nothing of it was done.',
  },
  payload_too_large: {
    status: 413,
    message: 'The body is larger than this call takes.',
    action: 'Send less at once.',
  },
  unsupported_media_type: {
    status: 415,
    message: ({ what = 'must be application/json' }: { readonly what?: string }) => `The body ${what}.`,
    meaning: 'The body has another media type than JSON, or a Content-Encoding such as gzip.',
    action: 'Send JSON as it is, with Content-Type: application/json and without Content-Encoding.',
  },
  precondition_required: {
    status: 428,
    message: 'This call needs the header If-Match with the ETag of the resource.',
    action: 'Read the resource and send its ETag as If-Match.',
  },
  headers_too_large: {
    status: 431,
    message: 'The headers are too large.',
    action: 'Send fewer or shorter headers.',
  },
  internal_error: {
    status: 500,
    message: 'Something went wrong on our side. The request id names what was logged about it.',
    meaning: 'A bug in Florin. Whether anything was done is not known.',
    action: 'Report it with the request id. A request with an Idempotency-Key can be repeated.',
  },
  not_ready: {
    status: 503,
    retryAfterSeconds: 1,
    message: 'The server cannot take requests now.',
    meaning: 'Of /health/ready alone: the database does not answer, or the server is about to stop.',
    action: 'Send requests to another server.',
  },
  shutting_down: {
    status: 503,
    retryAfterSeconds: 1,
    message: 'The server is shutting down; nothing was done.',
    action: 'Repeat the request; another server will answer.',
  },
} as const satisfies ErrorTable;

/** The error of a code of the HTTP layer. */
export const httpError = errorsOf(HTTP_ERRORS);
