import { violatedUnique } from '#db/postgres-error.ts';
import { ConflictError, UnauthenticatedError } from '#lib/errors.ts';

/** 401 `invalid_credentials`: the same whatever was wrong with them. */
export function invalidCredentials(): UnauthenticatedError {
  return new UnauthenticatedError('invalid_credentials', 'The credentials are not right.');
}

/** 401 `otp_required`: the password was right, and a code is due. */
export function otpRequired(): UnauthenticatedError {
  return new UnauthenticatedError('otp_required', 'A one-time code or a recovery code is needed.');
}

/** 401 `invalid_refresh_token`: unknown, spent, expired or revoked. */
export function invalidRefreshToken(): UnauthenticatedError {
  return new UnauthenticatedError('invalid_refresh_token', 'The refresh token is not valid; log in again.');
}

/** 409 `user_exists` when the database refused the e-mail address of a user; else the error itself. */
export function asUserError(error: unknown): unknown {
  if (violatedUnique(error) === 'users_book_id_email_key') {
    return new ConflictError('user_exists', 'A user with this e-mail address exists.', {
      fields: [{ path: 'email', message: 'belongs to another user' }],
    });
  }
  return error;
}
