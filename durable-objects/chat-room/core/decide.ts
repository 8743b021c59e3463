/** The one door: a room, an order, the clock; out come the writes, the room after them, and the answer. */
import { decided, edit, react, remove } from './changing.ts';
import { takeMarks } from './marking.ts';
import type { Order } from './orders.ts';
import type { Tools } from './placing.ts';
import { post, send, settle } from './sending.ts';
import type { Room, Shelf, Step, Windows } from './state.ts';

export function decide(room: Room, shelf: Shelf, order: Order, windows: Windows, tools: Tools): Step {
  switch (order.type) {
    case 'send':
      return send(room, shelf, order, tools);
    case 'settle':
      return settle(room, shelf, order, tools);
    case 'post':
      return post(room, shelf, order, tools);
    case 'edit':
      return edit(room, shelf, order, windows, tools);
    case 'delete':
      return remove(room, shelf, order, windows, tools);
    case 'react':
      return react(room, shelf, order, tools);
    case 'mark':
      return takeMarks(room, shelf, order, tools);
    case 'media':
      return decided(room, shelf, order, tools);
  }
}
