/** Sessions in a year, for annualising. */
export const sessionsPerYear = 252;
