/** The demo people, as printed by `npm start`; they are put in by db/seed. */
export const demoAccounts = `Sign in with any of these addresses; the code is shown on the spot and arrives in the sandbox.
  members     ada@demo.test (500 coins), ben@demo.test (subscription), cora@demo.test (moments), dora@demo.test (60 coins)
  companions  grace@demo.test, hugo@demo.test, iris@demo.test
  staff       sam@demo.test (supervisor), alex@demo.test (admin), root@demo.test (superadmin)`;
