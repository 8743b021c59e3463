import { describe, expect, it } from 'vitest';
import { tallyOf } from './step.ts';

const report = (fields: object): string => JSON.stringify({ numTotalTests: 3, numPassedTests: 3, testResults: [], ...fields });

describe('the tally of a step', () => {
  it('reads vitest’s report', () => {
    expect(tallyOf(0, report({}), '', true)).toEqual({ passed: 3, failed: 0 });
    expect(tallyOf(1, report({ numPassedTests: 1 }), '', true)).toEqual({ passed: 1, failed: 2 });
  });
  it('counts skipped tests as failed', () => {
    expect(tallyOf(0, report({ numPassedTests: 2, numPendingTests: 1 }), '', true)).toEqual({ passed: 2, failed: 1 });
  });
  it('counts a file that could not be loaded', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }];
    expect(tallyOf(1, report({ testResults, numFailedTestSuites: 1 }), '', true)).toEqual({ passed: 3, failed: 1 });
  });
  it('never takes silence for success', () => {
    expect(tallyOf(0, undefined, '', true).failed).toBe(1);
    expect(tallyOf(0, report({ numTotalTests: 0, numPassedTests: 0 }), '', true).failed).toBe(1);
    expect(tallyOf(1, report({}), '', true).failed).toBe(1);
    expect(tallyOf(1, undefined, '5 passed, 0 failed\n', false).failed).toBe(1);
  });
  it('reads the last plain line, or the exit code where there is none', () => {
    expect(tallyOf(0, undefined, 'part: 1\n2 passed, 0 failed\n7 passed, 0 failed\n', false)).toEqual({ passed: 7, failed: 0 });
    expect(tallyOf(0, undefined, '20,000 calls, 0 violations\n', false)).toEqual({ passed: 1, failed: 0 });
    expect(tallyOf(1, undefined, '', false)).toEqual({ passed: 0, failed: 1 });
  });
});
