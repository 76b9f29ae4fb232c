import { z } from 'zod';
import { dailyFileFormats } from '../../fileDrop/fileFormats.ts';

const secret = (of: string): z.ZodDefault<z.ZodNullable<z.ZodString>> =>
  z.string().min(1).nullable().default(null).meta({ description: of, secret: true });

const address = (url: string, of: string): z.ZodDefault<z.ZodURL> =>
  z
    .url({ protocol: /^https?$/ })
    .default(url)
    .describe(`address of ${of}`);

const allowance = (requestsPerMinute: number): z.ZodDefault<z.ZodNumber> =>
  z.number().gt(0).max(100_000).default(requestsPerMinute).describe('requests a minute that the plan allows');

/** Names of the providers of market data. */
export const providerNames = ['sample', 'fileDrop', 'alpaca', 'massive', 'alphaVantage', 'yahoo', 'ibkr'] as const;

/** Vendors of market data: where they are, what the plan allows, and our keys. */
export const providersSection = z.strictObject({
  fileDrop: z
    .strictObject({
      folder: z
        .string()
        .min(1)
        .nullable()
        .default(null)
        .describe('folder that a vendor drops files of daily bars into'),
      format: z
        .enum(dailyFileFormats.map(({ name }) => name))
        .default('plimsoll')
        .describe('how its files lie: see docs/market-data.md'),
    })
    .prefault({}),
  alpaca: z
    .strictObject({
      dataUrl: address('https://data.alpaca.markets', "Alpaca's market data"),
      tradingUrl: address('https://paper-api.alpaca.markets', "Alpaca's list of stocks"),
      feed: z.enum(['sip', 'iex']).default('sip').describe('sip: every US exchange; iex: one of them'),
      keyId: secret('key id at Alpaca'),
      secretKey: secret('secret key at Alpaca'),
      requestsPerMinute: allowance(200),
    })
    .prefault({}),
  massive: z
    .strictObject({
      url: address('https://api.massive.com', "Massive's REST of stocks"),
      apiKey: secret('key at Massive'),
      requestsPerMinute: allowance(5),
    })
    .prefault({}),
  alphaVantage: z
    .strictObject({
      url: address('https://www.alphavantage.co', 'Alpha Vantage'),
      apiKey: secret('key at Alpha Vantage'),
      requestsPerMinute: allowance(5),
      requestsPerDay: z
        .int()
        .min(1)
        .nullable()
        .default(25)
        .describe('requests a day that the plan allows, counted by each process for itself; null for no bound'),
    })
    .prefault({}),
  yahoo: z
    .strictObject({
      url: address('https://query2.finance.yahoo.com', "Yahoo's chart and quotes"),
      cookieUrl: address('https://fc.yahoo.com', 'the page whose cookie quotes are tied to'),
      requestsPerMinute: allowance(30),
    })
    .prefault({}),
  ibkr: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').describe('host of TWS or the IB Gateway'),
      port: z
        .int()
        .min(1)
        .max(65_535)
        .default(7497)
        .describe('its port: TWS 7497 on paper and 7496 live, IB Gateway 4002 and 4001'),
      clientId: z
        .int()
        .min(0)
        .max(2_147_483_000)
        .default(70)
        .describe('id of our connection for history; a live feed uses the two after it'),
    })
    .prefault({}),
});
