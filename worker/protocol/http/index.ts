/** Every HTTP endpoint there is, joined once; whoever needs the whole list imports this. */
import * as admin from './admin.ts';
import * as afterCall from './after-call.ts';
import * as auth from './auth.ts';
import * as calls from './calls.ts';
import * as cases from './cases.ts';
import * as chats from './chats.ts';
import * as desk from './desk.ts';
import * as earnings from './earnings.ts';
import type { Endpoint } from './endpoint.ts';
import * as favorites from './favorites.ts';
import * as gallery from './gallery.ts';
import * as health from './health.ts';
import * as links from './links.ts';
import * as mail from './mail.ts';
import * as me from './me.ts';
import * as notes from './notes.ts';
import * as notifications from './notifications.ts';
import * as openings from './openings.ts';
import * as paymentEvents from './payment-events.ts';
import * as paymentsDesk from './payments-desk.ts';
import * as photos from './photos.ts';
import * as purchaseComplaints from './purchase-complaints.ts';
import * as pushDevices from './push-devices.ts';
import * as shop from './shop.ts';
import * as shopDesk from './shop-desk.ts';
import * as staffCalls from './staff-calls.ts';
import * as staffMail from './staff-mail.ts';
import * as staffPeople from './staff-people.ts';
import * as tariffs from './tariffs.ts';
import * as templates from './templates.ts';
import * as timetable from './timetable.ts';
import * as versionMoves from './version-moves.ts';
import * as work from './work.ts';

const isEndpoint = (value: unknown): value is Endpoint =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'access' in value;

export const endpoints: readonly Endpoint[] = [
  health,
  auth,
  me,
  photos,
  pushDevices,
  work,
  earnings,
  gallery,
  calls,
  afterCall,
  purchaseComplaints,
  chats,
  favorites,
  notes,
  desk,
  tariffs,
  admin,
  staffCalls,
  staffPeople,
  staffMail,
  versionMoves,
  cases,
  openings,
  timetable,
  links,
  templates,
  notifications,
  mail,
  shop,
  shopDesk,
  paymentEvents,
  paymentsDesk,
].flatMap((room) => Object.values(room).filter(isEndpoint));
