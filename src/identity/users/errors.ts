import { type ErrorTable, errorsOf } from '#lib/errors.ts';

const LOG_IN_AGAIN = 'Log in again.';

/** The errors of users, their logins and their credentials. */
export const USER_ERRORS = {
  invalid_credentials: {
    status: 401,
    message: 'The credentials are not right.',
    meaning:
      'The e-mail address, password or code is wrong, or the user is disabled: the answer is the same.',
    action: 'Try again with the right ones; after failures the wait grows.',
  },
  otp_required: {
    status: 401,
    message: 'A one-time code or a recovery code is needed.',
    meaning: 'The password was right, and the user has a second factor.',
    action: 'Log in again with `code`.',
  },
  invalid_refresh_token: {
    status: 401,
    message: 'The refresh token is not valid; log in again.',
    meaning: 'The refresh token is unknown, used before, expired or revoked.',
    action: LOG_IN_AGAIN,
  },
  user_exists: {
    status: 409,
    message: 'A user with this e-mail address exists.',
    action: 'Use another address, or the user that there is.',
  },
  user_disabled: {
    status: 409,
    message: 'The user is disabled.',
    action: 'Enable the user first.',
  },
  user_active: {
    status: 409,
    message: 'The user is not disabled.',
    action: 'Nothing: the user may log in.',
  },
  own_user: {
    status: 409,
    message: 'Another admin resets your access.',
    meaning: 'An admin asked for a reset of their own.',
    action: 'Change your own password, or ask another admin.',
  },
  last_admin: {
    status: 409,
    message: 'The user is the last active admin.',
    action: 'Make another user an admin first.',
  },
  totp_enabled: {
    status: 409,
    message: 'TOTP is on already.',
    action: 'Remove it first to enrol another device.',
  },
  totp_not_enrolled: {
    status: 409,
    message: 'Enrol an authenticator first.',
    action: 'Enrol one, then confirm it with a code.',
  },
  password_too_short: {
    status: 409,
    message: ({ minLength }: { readonly minLength: number }) =>
      `Without a second factor a password has at least ${minLength} characters: change it first.`,
    meaning: 'The password is long enough beside a second factor only, which is to be removed.',
    action: 'Change the password to a longer one first.',
  },
} as const satisfies ErrorTable;

export const userError = errorsOf(USER_ERRORS);
