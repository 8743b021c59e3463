/** What really arrived at a page, told by WebRTC itself and not by the product. */
import type { Page } from 'playwright-core';

export interface Received {
  readonly framesDecoded: number;
  readonly samples: number;
  readonly audioEnergy: number;
}

/** Runs in the page before anything else: keeps every connection it will make. */
export function hookConnections(): void {
  const scope = globalThis as unknown as { RTCPeerConnection: typeof RTCPeerConnection; connections: RTCPeerConnection[] };
  scope.connections = [];
  scope.RTCPeerConnection = class extends scope.RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      scope.connections.push(this);
    }
  };
}

/** Runs in the page after `hookConnections`: its connections take no way but a relay, whatever the product asks for. */
export function forceRelay(): void {
  const scope = globalThis as unknown as { RTCPeerConnection: typeof RTCPeerConnection };
  const relayed = (configuration?: RTCConfiguration): RTCConfiguration => ({ ...configuration, iceTransportPolicy: 'relay' });
  scope.RTCPeerConnection = class extends scope.RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(relayed(configuration));
    }
    override setConfiguration(configuration?: RTCConfiguration): void {
      super.setConfiguration(relayed(configuration));
    }
  };
}

/** Kinds of the local candidates that the page's open connections use: `host`, `srflx`, `prflx`, `relay`. */
export function waysTaken(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { connections } = globalThis as unknown as { connections: RTCPeerConnection[] };
    const ways = new Set<string>();
    for (const connection of connections) {
      if (connection.connectionState !== 'connected') continue;
      const report = (await connection.getStats()) as unknown as Map<string, Record<string, string>>;
      for (const { type, selectedCandidatePairId } of report.values()) {
        if (type !== 'transport' || !selectedCandidatePairId) continue;
        const local = report.get(selectedCandidatePairId)?.localCandidateId ?? '';
        ways.add(report.get(local)?.candidateType ?? 'unknown');
      }
    }
    return [...ways];
  });
}

/** Sums over all connections the page has made. */
export function received(page: Page): Promise<Received> {
  return page.evaluate(async () => {
    const { connections } = globalThis as unknown as { connections: RTCPeerConnection[] };
    const sum = { framesDecoded: 0, samples: 0, audioEnergy: 0 };
    for (const connection of connections) {
      const report = (await connection.getStats()) as unknown as Map<string, Record<string, unknown>>;
      for (const stats of report.values()) {
        if (stats.type !== 'inbound-rtp') continue;
        sum.framesDecoded += Number(stats.framesDecoded ?? 0);
        sum.samples += Number(stats.totalSamplesReceived ?? 0);
        sum.audioEnergy += Number(stats.totalAudioEnergy ?? 0);
      }
    }
    return sum;
  });
}
