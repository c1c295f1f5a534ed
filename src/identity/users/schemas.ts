import { type Static, Type } from 'typebox';
import { pageQuery } from '#http/pagination.ts';
import { closedObject, InstantSchema, nullable, typeIdSchema } from '#http/schemas.ts';

const Role = Type.Union(
  [
    Type.Literal('admin'),
    Type.Literal('manager'),
    Type.Literal('teller'),
    Type.Literal('auditor'),
    Type.Literal('customer'),
  ],
  { description: 'What the user may do.' },
);
const Status = Type.Union([Type.Literal('active'), Type.Literal('disabled')]);

const email = Type.String({ description: 'E-mail address, in any case.', minLength: 1, maxLength: 254 });
const name = Type.String({ description: 'Full name.', minLength: 1, maxLength: 1000 });
/** What is too long is said by the rules of passwords; this bounds what they are given. */
const password = Type.String({ minLength: 1, maxLength: 1024 });
const newPassword = Type.String({
  description: '15 to 256 characters of any kind, or 8 to 256 with TOTP on; none of the well-known ones.',
  minLength: 1,
  maxLength: 1024,
});
const code = Type.String({ description: 'Six digits from the authenticator.', minLength: 1, maxLength: 16 });

export const CreateUser = closedObject({
  email,
  name,
  role: Role,
  customerId: Type.Optional(typeIdSchema('customer')),
  password: newPassword,
});
export type CreateUser = Static<typeof CreateUser>;

export const ChangeUser = closedObject(
  { name: Type.Optional(name), role: Type.Optional(Role) },
  { minProperties: 1 },
);

export const UserSchema = Type.Object({
  id: typeIdSchema('user'),
  email: Type.String(),
  name: Type.String(),
  role: Role,
  customerId: nullable(typeIdSchema('customer')),
  status: Status,
  totpEnabled: Type.Boolean(),
  createdAt: InstantSchema,
  updatedAt: InstantSchema,
});

export const ListUsersQuery = pageQuery({
  role: Type.Optional(Role),
  status: Type.Optional(Status),
  email: Type.Optional(email),
});

export const UserParams = Type.Object({ id: typeIdSchema('user') });

export const Login = closedObject({
  email,
  password,
  otp: Type.Optional(code),
  recoveryCode: Type.Optional(
    Type.String({ description: 'In place of `otp`, each once.', minLength: 1, maxLength: 64 }),
  ),
});

export const Refresh = closedObject({
  refreshToken: Type.String({ minLength: 1, maxLength: 256 }),
});

export const TokensSchema = Type.Object({
  accessToken: Type.String({ description: 'For `Authorization: Bearer …`.' }),
  refreshToken: Type.String({ description: 'Good for one exchange at /v1/auth/refresh.' }),
  tokenType: Type.Literal('Bearer'),
  expiresIn: Type.Integer({ description: 'Seconds that the access token lasts.' }),
});

export const ChangePassword = closedObject({ oldPassword: password, newPassword });

export const ConfirmTotp = closedObject({ code });
export const RemoveTotp = closedObject({ password });

export const TotpEnrolmentSchema = Type.Object({
  secret: Type.String({ description: 'In base32, to be typed in.' }),
  otpauthUri: Type.String({ description: 'To be shown as a QR code.' }),
});

export const RecoveryCodesSchema = Type.Object({
  recoveryCodes: Type.Array(Type.String(), { description: 'Shown this once; each logs in once.' }),
});

export const SessionSchema = Type.Object({
  id: typeIdSchema('session'),
  address: nullable(Type.String()),
  userAgent: nullable(Type.String()),
  createdAt: InstantSchema,
  lastUsedAt: InstantSchema,
  expiresAt: InstantSchema,
});

export const ListSessionsQuery = pageQuery({});
export const SessionParams = Type.Object({ id: typeIdSchema('session') });
