const { randomBytes } = require('node:crypto');

module.exports = ({ env }) => ({
  host: '127.0.0.1',
  port: env.int('PORT'),
  app: { keys: [randomBytes(16).toString('hex')] },
  dirs: { public: env('STRAPI_PUBLIC') }, // Strapi will not start without a folder for uploads
  logger: { startup: { enabled: false }, updates: { enabled: false } },
});
