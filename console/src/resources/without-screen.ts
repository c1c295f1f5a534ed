/** Operations whose screens are made by hand: by file, each with the call that the file makes for it. */
export const BY_HAND: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'api/session.ts': {
    login: 'bank.login',
    logout: 'bank.logout',
    refresh: 'bank.renew',
    getOwnUser: 'bank.auth.me',
  },
  'app/find.ts': { search: 'bank.search.get' },
  'screens/proof.tsx': { getAuditProof: 'bank.auditLog.proof' },
  'access/reset-password.tsx': { resetPassword: 'bank.auth.resetPassword' },
  'access/new-password.tsx': { changeOwnPassword: 'bank.auth.changeOwnPassword' },
  'access/new-email.tsx': { changeOwnEmail: 'bank.auth.changeOwnEmail' },
  'access/second-factor.tsx': {
    enrolTotp: 'bank.auth.enrolTotp',
    confirmTotp: 'bank.auth.confirmTotp',
    removeTotp: 'bank.auth.removeTotp',
  },
  'access/sessions.tsx': {
    listOwnSessions: 'auth.sessions',
    revokeOwnSession: 'bank.auth.revokeOwnSession',
  },
};

/** Operations that have no screen, each with its reason. */
export const WITHOUT_SCREEN: Readonly<Record<string, string>> = {
  getSubmissionFile:
    'For the program that sends payments: an XML file, which `florin submissions file` saves.',
  getKeySet: 'For programs: the public keys with which others check a token. It shows nothing to a person.',
};
