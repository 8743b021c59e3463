/**
 * What a role may do, named `thing.verb`. The table that grants them is data of the `user` domain
 * (`domains/user/permissions.ts`); `GET /me` lists the caller's own, so that no screen shows a button the server would
 * refuse.
 */
import * as z from 'zod/mini';

export const permission = z.enum([
  'call.place',
  'call.take',
  'call.read_any',
  'call.rate',
  'call.wrap_up',
  'call.stop',
  'people.read',
  'people.contact',
  'people.sign_out',
  'shift.work',
  'earnings.read',
  'tariff.read',
  'tariff.edit',
  'tariff.publish',
  'settings.read',
  'settings.edit',
  'ledger.read',
  'ledger.adjust',
  'ledger.approve',
  'audit.read',
  'wallet.top_up',
  'note.read',
  'note.write',
  'note.read_any',
  'desk.work',
  'reply.read',
  'reply.edit_house',
  'chat.use',
  'favorite.keep',
  'case.read',
  'media.decide',
  'opening.read',
  'opening.edit',
  'template.read',
  'template.edit',
  'template.publish',
  'notification.read',
  'notification.replay',
  'announcement.send',
  'timetable.read',
  'timetable.run',
  'timetable.edit',
  'catalogue.manage',
]);
export type Permission = z.infer<typeof permission>;
