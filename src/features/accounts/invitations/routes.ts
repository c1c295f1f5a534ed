import { idFilter, operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import type { Clock } from '#lib/time/clock.ts';
import { AccountParams } from '../schemas.ts';
import type { Invitation } from './invitation.ts';
import {
  InvitationParams,
  InvitationSchema,
  InviteHolderRequest,
  invitationView,
  ListInvitationsQuery,
} from './schemas.ts';
import type { InvitationService } from './service.ts';

const operation = operationsOf('Accounts');

/** How customers come to hold an account together. */
export function registerInvitationRoutes(
  server: HttpServer,
  invitations: InvitationService,
  clock: Clock,
): void {
  const view = (invitation: Invitation) => invitationView(invitation, clock.nowMs());

  server.post(
    '/v1/accounts/:id/invitations',
    operation('inviteHolder', 'Ask a customer to hold the account too', {
      params: AccountParams,
      body: InviteHolderRequest,
      response: { 201: InvitationSchema },
      problems: ['account_closed', 'customer_deceased', 'holder_exists', 'invitation_exists'],
    }),
    async ({ caller, params, body }, reply) => {
      const asked = { customerId: fromTypeId('customer', body.customerId), role: body.role };
      const made = await invitations.invite(caller, fromTypeId('account', params.id), asked);
      return reply.code(201).send(view(made));
    },
  );

  server.get(
    '/v1/holder-invitations',
    operation('listHolderInvitations', 'List invitations to hold accounts, newest first', {
      querystring: ListInvitationsQuery,
      response: { 200: pageSchema(InvitationSchema) },
    }),
    ({ caller, query }) => {
      const accountId = idFilter('account', query.accountId);
      return readPage(query, {
        order: 'uuid',
        placeOf: ({ id }: Invitation) => id,
        read: (limit, after) => invitations.list(caller, { accountId, after, limit }),
        view,
      });
    },
  );

  registerAnswers(server, invitations, view);
}

function registerAnswers(
  server: HttpServer,
  invitations: InvitationService,
  view: (invitation: Invitation) => ReturnType<typeof invitationView>,
): void {
  server.post(
    '/v1/holder-invitations/:id/accept',
    operation('acceptHolderInvitation', 'Hold the account from now on', {
      params: InvitationParams,
      response: { 200: InvitationSchema },
      problems: [
        'account_closed',
        'customer_closed',
        'customer_deceased',
        'holder_exists',
        'invitation_not_open',
      ],
    }),
    async ({ caller, params }) => view(await invitations.accept(caller, fromTypeId('invitation', params.id))),
  );

  server.post(
    '/v1/holder-invitations/:id/decline',
    operation('declineHolderInvitation', 'Decline an invitation, or withdraw it as the owner', {
      params: InvitationParams,
      response: { 200: InvitationSchema },
      problems: ['invitation_not_open'],
    }),
    async ({ caller, params }) =>
      view(await invitations.decline(caller, fromTypeId('invitation', params.id))),
  );
}
