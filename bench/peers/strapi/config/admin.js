const { randomBytes } = require('node:crypto');

const secret = () => randomBytes(16).toString('hex');

// No admin pages: only the API is measured.
module.exports = () => ({
  serveAdminPanel: false,
  auth: { secret: secret() },
  apiToken: { salt: secret() },
  transfer: { token: { salt: secret() } },
});
