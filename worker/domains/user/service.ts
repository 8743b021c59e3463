/** What other domains and the objects may ask of `user`. */
export { networkHash } from './attempts.ts';
export { createUser, type NewUser, type User, userByAddress, userById, userIdsBetween, usersByIds } from './people.ts';
export { authenticate, issueTicket, newSignIns, sessionsOf, type TicketHolder, verifyTicket } from './sessions.ts';
export { attemptsAt, searchUsers, signOutDevices } from './supervision.ts';
export { readTicket } from './tokens.ts';
