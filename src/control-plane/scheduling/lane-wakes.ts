import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Notifications } from '../../database/index.js';
import { CoalescedNotify } from './coalesced-notify.js';

type Wake = () => void;

/** Wakes the claim loops of a lane, here and in other processes. */
@Injectable()
export class LaneWakes implements OnModuleDestroy {
  private readonly loops = new Map<string, Set<Wake>>();
  private readonly unsubscribe: () => void;

  constructor(
    notifications: Notifications,
    private readonly elsewhere: CoalescedNotify,
  ) {
    // After a reconnect (no payload) anything may have been missed.
    this.unsubscribe = notifications.subscribe('honua_lane', (lane) =>
      lane === undefined ? this.wakeAll() : this.wake(lane),
    );
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  onWake(lane: string, wake: Wake): void {
    const group = this.loops.get(lane) ?? new Set();
    this.loops.set(lane, group.add(wake));
  }

  /** A tenant's slot is free, and these are the lanes where it waits: its limit spans them all. */
  slotFreed(lanes: string[]): void {
    for (const lane of lanes) {
      this.wake(lane);
      this.elsewhere.send('honua_lane', lane);
    }
  }

  wake(lane: string): void {
    for (const wake of this.loops.get(lane) ?? []) wake();
  }

  wakeAll(): void {
    for (const lane of this.loops.keys()) this.wake(lane);
  }
}
