// Run by mongosh in the network of mongo-1 (docker-compose.yml). Safe to repeat:
// what is there stays, and only the program's user is brought up to date.
const fs = require("fs");
const secret = (name) => fs.readFileSync("/run/secrets/" + name, "utf8").trim();
const members = ["mongo-1:27017", "mongo-2:27017", "mongo-3:27017"];

const fail = (why) => {
  print("replica-set.js: " + why);
  quit(1);
};
// ask returns the answer to a command also where it is a refusal. The variable is
// needed: what mongosh returns unawaited leaves the try before it fails.
const ask = (db, command) => {
  try {
    const answer = db.runCommand(command);
    return answer;
  } catch (e) {
    return {ok: 0, code: e.code, why: e.codeName || e.message};
  }
};

// The set. A member that is in one says so without being asked who is asking.
const local = connect("mongodb://127.0.0.1:27017/admin?directConnection=true");
let state = local.hello();
const isNew = !state.setName;
if (isNew) {
  const made = ask(local, {
    replSetInitiate: {
      _id: "sipas",
      // The first is preferred: the root user below can be made there only.
      members: members.map((host, i) => ({_id: i, host: host, priority: i === 0 ? 2 : 1})),
    },
  });
  if (made.ok !== 1) fail("the set cannot be made: " + made.why);
  print("replica set made");
}
for (let waited = 0; isNew ? !state.isWritablePrimary : !state.primary; waited++) {
  if (waited === 90) fail("no primary after 90 s");
  sleep(1000);
  state = local.hello();
}

// The first user: possible from loopback, on the primary, and only once.
if (state.isWritablePrimary) {
  const made = ask(local, {createUser: "root", pwd: secret("mongo_root_password"), roles: ["root"]});
  if (made.ok === 1) print("root user made");
  else if (made.code !== 13 && made.code !== 51003) fail("no root user: " + made.why); // 13, 51003: there is one
}

// The program's user: reads and writes its own database, and nothing else.
const set = connect(
  "mongodb://root:" + secret("mongo_root_password") + "@" + members.join(",") + "/sipas?replicaSet=sipas&authSource=admin",
);
const found = ask(set, {usersInfo: "sipas"});
if (found.ok !== 1) fail("users cannot be read: " + found.why);
const done = ask(set, {
  [found.users.length === 0 ? "createUser" : "updateUser"]: "sipas",
  pwd: secret("mongo_app_password"),
  roles: [{role: "readWrite", db: "sipas"}],
});
if (done.ok !== 1) fail("no user for the program: " + done.why);
print("replica set and users are ready");
