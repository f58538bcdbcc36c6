// One SQLite file. Strapi alone leaves the journal in DELETE mode; WAL is
// faster, and FULL makes the same promise as sipas: answered means on disk.
module.exports = ({ env }) => ({
  connection: {
    client: 'sqlite',
    connection: { filename: env('STRAPI_FILE') },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (connection, done) => {
        connection.pragma('journal_mode = WAL');
        connection.pragma('synchronous = FULL');
        connection.pragma('cache_size = -32000');
        done(null, connection);
      },
    },
  },
});
