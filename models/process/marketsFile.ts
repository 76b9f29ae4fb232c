import type { AgentMarkets } from '../agents/tradingAgent.ts';
import type { StockMarket } from '../environment/stockMarket.ts';

// Markets as JSON: dollars keep every bit, which a file of float32 tensors would not.

/** Markets as bytes; equal markets are equal bytes. */
export function encodeMarkets({ training, validation, turbulenceThreshold }: AgentMarkets): Uint8Array {
  const plain = { training: plainMarket(training), validation: plainMarket(validation), turbulenceThreshold };
  return new TextEncoder().encode(JSON.stringify(plain));
}

/** What `encodeMarkets` wrote. */
export function decodeMarkets(bytes: Uint8Array): AgentMarkets {
  const { training, validation, turbulenceThreshold } = JSON.parse(new TextDecoder().decode(bytes)) as {
    readonly training: PlainMarket;
    readonly validation: PlainMarket;
    readonly turbulenceThreshold: number | null;
  };
  return { training: marketOf(training), validation: marketOf(validation), turbulenceThreshold };
}

interface PlainMarket {
  readonly sessions: number;
  readonly stocks: number;
  readonly prices: readonly number[];
  readonly indicators: readonly number[];
  readonly predictions?: readonly number[];
  readonly turbulence?: readonly number[];
}

function plainMarket({ sessions, stocks, prices, indicators, predictions, turbulence }: StockMarket): PlainMarket {
  return {
    sessions,
    stocks,
    prices: [...prices],
    indicators: [...indicators],
    ...(predictions && { predictions: [...predictions] }),
    ...(turbulence && { turbulence: [...turbulence] }),
  };
}

function marketOf({ sessions, stocks, prices, indicators, predictions, turbulence }: PlainMarket): StockMarket {
  return {
    sessions,
    stocks,
    prices: Float64Array.from(prices),
    indicators: Float64Array.from(indicators),
    ...(predictions && { predictions: Float64Array.from(predictions) }),
    ...(turbulence && { turbulence: Float64Array.from(turbulence) }),
  };
}
