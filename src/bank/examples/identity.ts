import type { RequestExamples } from './example.ts';

const PASSWORD = 'violet anchors drift slowly';
const NEW_PASSWORD = 'copper lanterns hum at noon';

/** Of logins, users and API keys. */
export const IDENTITY_EXAMPLES: RequestExamples = {
  login: { email: 'admin@florin.localhost', password: PASSWORD },
  refresh: { refreshToken: 'lw1Yk3cJ0m7Xo2vQhT9sB4nE8rUaZ6pd' },
  changeOwnPassword: { oldPassword: PASSWORD, newPassword: NEW_PASSWORD },
  changeOwnEmail: { email: 'lena.weber@example.com', password: PASSWORD },
  resetPassword: { email: 'lena.brandt@example.com', code: 'k3wd-7xqa-ml2f-p5ze', newPassword: NEW_PASSWORD },
  removeTotp: { password: PASSWORD },
  confirmTotp: { code: '123456' },

  createUser: { email: 'lena.brandt@example.com', name: 'Lena Brandt', role: 'teller', password: PASSWORD },
  changeUser: { name: 'Lena Weber', role: 'loan-officer' },
  resetUser: { secondFactor: true },
  setLoginPolicy: { staffSecondFactor: false, changeFirstPassword: true },

  createApiKey: {
    name: 'Nightly reports',
    scopes: ['accounts:read', 'transactions:read'],
    addresses: ['203.0.113.0/24'],
  },
  rotateApiKey: { previousUntil: '2026-02-07T12:00:00.000Z' },
};
