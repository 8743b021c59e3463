/** The messages of `wire.proto` as plain objects. 64-bit numbers are decimal strings, bytes are `Uint8Array`. */
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';

export interface Messages {
  CheckinRequest: { id?: string; security_token?: string; version?: number; checkin: { type?: number } };
  CheckinResponse: { stats_ok: boolean; time_msec: string; market_ok: boolean; android_id: string; security_token: string };
  HeartbeatPing: { last_stream_id_received?: number };
  HeartbeatAck: { last_stream_id_received?: number };
  LoginRequest: {
    id: string;
    domain: string;
    user: string;
    resource: string;
    auth_token: string;
    received_persistent_id?: string[];
  };
  LoginResponse: { id: string; error?: { code: number; message: string }; server_timestamp?: string };
  Close: Record<never, never>;
  IqStanza: { type: number; id: string; last_stream_id_received?: number };
  DataMessageStanza: {
    id?: string;
    from: string;
    category: string;
    app_data: { key: string; value: string }[];
    persistent_id: string;
    ttl: number;
    sent: string;
    raw_data: Uint8Array;
    last_stream_id_received?: number;
  };
}
export type MessageName = keyof Messages;

const definitions = protobuf.parse(readFileSync(new URL('./wire.proto', import.meta.url), 'utf8'), { keepCase: true }).root;
const typeOf = (name: MessageName): protobuf.Type => definitions.lookupType(`wire.${name}`);

/** @throws Error where a required field is missing */
export function encode<Name extends MessageName>(name: Name, message: Messages[Name]): Uint8Array {
  const type = typeOf(name);
  const made = type.fromObject(message);
  const complaint = type.verify(made);
  if (complaint) throw new Error(`${name}: ${complaint}`);
  return type.encode(made).finish();
}

/** @throws Error where the bytes are no such message */
export function decode<Name extends MessageName>(name: Name, bytes: Uint8Array): Messages[Name] {
  const type = typeOf(name);
  return type.toObject(type.decode(bytes), { longs: String }) as Messages[Name];
}
