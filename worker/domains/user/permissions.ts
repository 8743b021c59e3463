/**
 * Which role holds which permission: the one table of access. Routes name a permission, never a role, so that a right
 * moves by changing a line here. Denied by default.
 */
import type { Role } from '../../protocol/people.ts';
import type { Permission } from '../../protocol/permissions.ts';

const supervisor = [
  'call.read_any',
  'call.stop',
  'people.read',
  'tariff.read',
  'settings.read',
  'ledger.read',
  'note.read',
  'note.read_any',
  'reply.read',
  'reply.edit_house',
  'case.read',
  'media.decide',
  'opening.read',
  'notification.read',
  'template.read',
  'payments.read',
] as const;
const admin = [
  ...supervisor,
  'timetable.read',
  'people.contact',
  'people.sign_out',
  'members.move',
  'tariff.edit',
  'tariff.publish',
  'settings.edit',
  'ledger.adjust',
  'ledger.approve',
  'audit.read',
  'opening.edit',
  'notification.replay',
  'mail.lift',
  'announcement.send',
  'template.edit',
  'template.publish',
  'catalogue.manage',
  'payments.refund',
  'payments.manage',
] as const;
const superadmin = [...admin, 'timetable.run', 'timetable.edit'] as const;

export const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = {
  member: ['call.place', 'call.take', 'call.rate', 'wallet.top_up', 'chat.use', 'favorite.keep'],
  companion: [
    'call.place',
    'call.take',
    'call.wrap_up',
    'shift.work',
    'earnings.read',
    'note.read',
    'note.write',
    'desk.work',
    'reply.read',
    'chat.use',
  ],
  supervisor,
  admin,
  superadmin,
};

const sets = new Map(Object.entries(permissionsOfRole).map(([role, granted]) => [role, new Set(granted)]));

/** The permissions of a role, as a set. */
export const permissionsOf = (role: Role): ReadonlySet<Permission> => sets.get(role) ?? new Set();
