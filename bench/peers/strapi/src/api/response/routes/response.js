const { createCoreRouter } = require('@strapi/strapi').factories;

// Anyone may create; the count after each run reads.
module.exports = createCoreRouter('api::response.response', {
  only: ['create', 'find'],
  config: { create: { auth: false }, find: { auth: false } },
});
