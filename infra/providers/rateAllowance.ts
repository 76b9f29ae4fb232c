import type { RateAllowance } from '../http/ratePlan.ts';

// A second's worth of the plan may go out at once, and never less than one request.
const burstSeconds = 1;

/** What a plan of so many requests a minute allows. */
export function rateAllowance(requestsPerMinute: number): RateAllowance {
  return { requestsPerMinute, burst: Math.max(1, Math.floor((requestsPerMinute * burstSeconds) / 60)) };
}
