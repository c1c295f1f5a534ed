/** What is asked of a request: how it came, and what a browser sent along. */
type Asked = {
  readonly protocol: string;
  readonly host: string;
  readonly headers: {
    readonly cookie?: string | undefined;
    readonly 'sec-fetch-site'?: string | readonly string[] | undefined;
  };
};

const NAME = 'florin_refresh';
/** The browser sends it to this one call. */
const PATH = '/v1/auth/refresh';
/** As long as a session lasts. */
const MAX_AGE_SECONDS = 24 * 60 * 60;
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?$/i;
/** What a refresh token is made of (base64url). */
const TOKEN = /^[A-Za-z0-9_-]{1,256}$/;

/** `Set-Cookie` for a refresh token: no script of the page reads it, and no other site sends it. */
export function refreshCookie(request: Asked, token: string): string {
  return cookieOf(request, token, MAX_AGE_SECONDS);
}

/** `Set-Cookie` that takes it away, if the browser has it. */
export function noRefreshCookie(request: Asked): string {
  return cookieOf(request, '', 0);
}

/**
 * The refresh token in the cookie of a request; undefined without one, and where a browser says that another site asks.
 */
export function refreshCookieOf({ headers }: Asked): string | undefined {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return undefined;
  const token = (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${NAME}=`))
    ?.slice(NAME.length + 1);
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}

/** `Secure`, but on this machine over plain HTTP: not every browser keeps such a cookie there. */
function cookieOf({ protocol, host }: Asked, token: string, maxAgeSeconds: number): string {
  const isPlainLoopback = protocol === 'http' && LOOPBACK.test(host);
  const attributes = [`Path=${PATH}`, `Max-Age=${maxAgeSeconds}`, 'HttpOnly', 'SameSite=Strict'];
  return [`${NAME}=${token}`, ...attributes, ...(isPlainLoopback ? [] : ['Secure'])].join('; ');
}
