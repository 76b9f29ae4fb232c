"""Plays the crossing of two moving averages with a peer: what `backtestCases.ts` does, a pass for each line of stdin.

Run by test/bench/backtest.ts: python backtest.py PEER RETURNS SYMBOLS; answers each line with one of JSON: seconds from data
frames to money, those of the engine alone where it tells them apart, fills and profit. Averages of 20 and 50 closes, long
from cross to cross, 100 shares, 10 basis points a side, cash of a billion.
"""
import json
import resource
import sys
import time

import numpy as np
import pandas as pd

PEER, RETURNS, SYMBOLS = sys.argv[1], sys.argv[2], int(sys.argv[3])
SESSIONS, CASH, SHARES, FEE = 5000, 1e9, 100, 0.001


def read_closes():
    steps = np.fromfile(RETURNS, dtype="<i2").reshape(-1, SESSIONS)[:SYMBOLS].astype(np.float64)
    prices = np.empty(steps.shape)
    prices[:, 0] = 100.0
    for row in range(1, SESSIONS):
        prices[:, row] = prices[:, row - 1] * (1 + steps[:, row] / 100000)
    return np.floor(prices * 10000 + 0.5) / 10000


CLOSES = read_closes()
OPENS = np.concatenate([CLOSES[:, :1], CLOSES[:, :-1]], axis=1)
NAMES = [f"S{k:03d}" for k in range(SYMBOLS)]


def frames(zone=None):
    index = pd.bdate_range("2005-01-03", periods=SESSIONS, tz=zone)
    high, low = np.maximum(OPENS, CLOSES), np.minimum(OPENS, CLOSES)
    return [
        pd.DataFrame({"open": OPENS[k], "high": high[k], "low": low[k], "close": CLOSES[k], "volume": 1e6}, index=index)
        for k in range(SYMBOLS)
    ]


def vectorbt_pass():
    import vectorbt as vbt

    closes = pd.DataFrame(CLOSES.T, index=pd.bdate_range("2005-01-03", periods=SESSIONS), columns=NAMES)

    def play():
        fast, slow = vbt.MA.run(closes, 20), vbt.MA.run(closes, 50)
        enter, leave = fast.ma_crossed_above(slow), fast.ma_crossed_below(slow)
        # A signal of the last bar would be filled at its own close.
        enter.iloc[-1] = False
        leave.iloc[-1] = False
        enter.columns = leave.columns = closes.columns
        book = vbt.Portfolio.from_signals(closes, enter, leave, size=SHARES, fees=FEE, init_cash=CASH, freq="1D")
        profit = np.sum(book.final_value()) - CASH * SYMBOLS
        return {"fills": int(np.sum(book.orders.count())), "pnl": float(profit)}

    return play


def backtrader_pass():
    import backtrader as bt

    data = frames()

    class Crossing(bt.Strategy):
        def __init__(self):
            self.fills = 0
            self.crossings = [
                bt.ind.CrossOver(bt.ind.SMA(feed, period=20), bt.ind.SMA(feed, period=50)) for feed in self.datas
            ]

        def notify_order(self, order):
            self.fills += order.status == order.Completed

        def next(self):
            if len(self) >= SESSIONS:
                return
            for feed, crossing in zip(self.datas, self.crossings):
                if crossing[0] > 0:
                    self.buy(feed, size=SHARES)
                elif crossing[0] < 0 and self.getposition(feed).size:
                    self.sell(feed, size=SHARES)

    def play():
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.broker.setcash(CASH)
        cerebro.broker.setcommission(commission=FEE)
        for frame in data:
            cerebro.adddata(bt.feeds.PandasData(dataname=frame))
        cerebro.addstrategy(Crossing)
        (strategy,) = cerebro.run()
        return {"fills": strategy.fills, "pnl": cerebro.broker.getvalue() - CASH}

    return play


def nautilus_pass():
    from decimal import Decimal

    from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
    from nautilus_trader.config import LoggingConfig, RiskEngineConfig, StrategyConfig
    from nautilus_trader.indicators import SimpleMovingAverage
    from nautilus_trader.model.currencies import USD
    from nautilus_trader.model.data import BarType
    from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
    from nautilus_trader.model.identifiers import InstrumentId, Symbol, Venue
    from nautilus_trader.model.instruments import Equity
    from nautilus_trader.model.objects import Money, Price, Quantity
    from nautilus_trader.persistence.wranglers import BarDataWrangler
    from nautilus_trader.trading.strategy import Strategy

    venue, data = Venue("SIM"), frames("UTC")
    fee = Decimal("0.001")
    instruments = [
        Equity(
            instrument_id=InstrumentId(Symbol(name), venue),
            raw_symbol=Symbol(name),
            currency=USD,
            price_precision=4,
            price_increment=Price.from_str("0.0001"),
            lot_size=Quantity.from_int(1),
            ts_event=0,
            ts_init=0,
            maker_fee=fee,
            taker_fee=fee,
        )
        for name in NAMES
    ]

    class Crossing(Strategy):
        def __init__(self, instrument):
            super().__init__(StrategyConfig(strategy_id=f"X-{instrument.id.symbol}"))
            self.instrument = instrument
            self.bars = BarType.from_str(f"{instrument.id}-1-DAY-LAST-EXTERNAL")
            self.fast, self.slow = SimpleMovingAverage(20), SimpleMovingAverage(50)
            self.before, self.seen, self.fills = None, 0, 0

        def on_start(self):
            self.register_indicator_for_bars(self.bars, self.fast)
            self.register_indicator_for_bars(self.bars, self.slow)
            self.subscribe_bars(self.bars)

        def on_bar(self, bar):
            self.seen += 1
            if not self.slow.initialized:
                return
            before, self.before = self.before, self.fast.value - self.slow.value
            if before is None or self.seen >= SESSIONS:
                return
            if self.before > 0 and before <= 0:
                side = OrderSide.BUY
            elif self.before < 0 and before >= 0 and self.portfolio.is_net_long(self.instrument.id):
                side = OrderSide.SELL
            else:
                return
            order = self.order_factory.market(self.instrument.id, side, Quantity.from_int(SHARES))
            self.submit_order(order)

        def on_order_filled(self, event):
            self.fills += 1

    def play():
        engine = BacktestEngine(
            BacktestEngineConfig(
                trader_id="T-1",
                logging=LoggingConfig(bypass_logging=True),
                risk_engine=RiskEngineConfig(bypass=True),
                run_analysis=False,
            )
        )
        engine.add_venue(
            venue=venue,
            oms_type=OmsType.NETTING,
            account_type=AccountType.CASH,
            base_currency=USD,
            starting_balances=[Money(CASH, USD)],
        )
        strategies, bars = [Crossing(instrument) for instrument in instruments], []
        for k, instrument in enumerate(instruments):
            engine.add_instrument(instrument)
            bars += BarDataWrangler(strategies[k].bars, instrument).process(data[k])
            engine.add_strategy(strategies[k])
        bars.sort(key=lambda bar: bar.ts_init)
        engine.add_data(bars, validate=False, sort=False)
        began = time.perf_counter()
        engine.run()
        engine_seconds = time.perf_counter() - began
        worth = sum(float(engine.portfolio.net_position(one.id)) * CLOSES[k, -1] for k, one in enumerate(instruments))
        cash = float(engine.portfolio.account(venue).balance_total(USD))
        engine.dispose()
        fills = sum(strategy.fills for strategy in strategies)
        return {"fills": fills, "pnl": cash + worth - CASH, "engineSeconds": engine_seconds}

    return play


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


play = {"vectorbt": vectorbt_pass, "backtrader": backtrader_pass, "nautilus": nautilus_pass}[PEER]()
for _ in sys.stdin:
    began, used = time.perf_counter(), processor()
    outcome = play()
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "processorSeconds": processor() - used, **outcome}), flush=True)
