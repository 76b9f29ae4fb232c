import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { toApplicationFailure } from '#activities/toApplicationFailure.ts';
import { isFailure } from '#domain/failure.ts';

/** Gives every failure an activity throws its stable code and its catalogued retry; other errors pass and are retried. */
export const failureInterceptor: ActivityInboundCallsInterceptor = {
  async execute(input, next) {
    try {
      return await next(input);
    } catch (error) {
      throw isFailure(error) ? toApplicationFailure(error) : error;
    }
  },
};
