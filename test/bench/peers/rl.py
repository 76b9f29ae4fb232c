"""FinRL's environment and Stable-Baselines3's agents: the peer of `npm run bench -- rl`.

Arguments: CASE THREADS RETURNS. It prints `{"ready": true}` once everything is loaded and warm. Each line of stdin is a pass
with a seed, {"seed": 0}, answered with a line of JSON: seconds, processorSeconds and what the pass found.
"""
import importlib.util
import json
import os
import resource
import sys
import time
import types
import warnings

case, threads, returns_file = sys.argv[1], int(sys.argv[2]), sys.argv[3]
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(threads)
os.environ["CUDA_VISIBLE_DEVICES"] = ""
warnings.simplefilter("ignore")

import numpy as np


def trading_environment():
    """FinRL's own class, unmodified; its package is entered by hand, since importing it asks for brokers' libraries."""
    base = os.path.dirname(importlib.util.find_spec("finrl").origin)
    for name in ("finrl", "finrl.meta", "finrl.meta.env_stock_trading"):
        module = types.ModuleType(name)
        module.__path__ = [os.path.join(os.path.dirname(base), *name.split("."))]
        sys.modules[name] = module
    import pandas as pd
    from finrl.meta.env_stock_trading.env_stocktrading import StockTradingEnv

    stocks, days = 30, 2520
    changes = np.fromfile(returns_file, dtype="<i2").reshape(500, 5000)[:stocks].astype(np.float64)
    prices = np.empty(changes.shape)
    prices[:, 0] = 100.0
    for day in range(1, changes.shape[1]):
        prices[:, day] = prices[:, day - 1] * (1 + changes[:, day] / 100000)
    closes = (np.floor(prices * 10000 + 0.5) / 10000)[:, -days:]
    names = [f"indicator{at}" for at in range(8)]
    frame = pd.DataFrame(
        dict(
            date=np.repeat(pd.bdate_range("2015-01-01", periods=days).strftime("%Y-%m-%d"), stocks),
            tic=np.tile([f"S{at:02d}" for at in range(stocks)], days),
            close=closes.T.ravel(),
        ),
        index=np.repeat(np.arange(days), stocks),
    )
    for name in names:
        frame[name] = 0.0
    return StockTradingEnv(
        df=frame,
        stock_dim=stocks,
        hmax=128,
        initial_amount=1_000_000,
        num_stock_shares=[0] * stocks,
        buy_cost_pct=[0.001] * stocks,
        sell_cost_pct=[0.001] * stocks,
        reward_scaling=1e-4,
        state_space=301,
        action_space=stocks,
        tech_indicator_list=names,
        print_verbosity=10**9,
    )


def trading_pass():
    environment = trading_environment()
    steps = 1000
    step, stock = np.arange(steps)[:, None], np.arange(30)[None, :]
    actions = ((((step * 7 + stock * 9) % 256) - 128) / 128).astype(np.float32)

    def run(_):
        environment.reset()
        for action in actions:
            environment.step(action)
        return dict(assets=float(environment.asset_memory[-1]), trades=int(environment.trades))

    return run


def noise_environment():
    import gymnasium

    class Noise(gymnasium.Env):
        observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (291,), np.float32)
        action_space = gymnasium.spaces.Box(-1, 1, (30,), np.float32)
        rows = np.random.default_rng(0).standard_normal((1024, 291)).astype(np.float32)
        at = 0

        def reset(self, *, seed=None, options=None):
            self.at = 0
            return self.rows[0], {}

        def step(self, action):
            self.at += 1
            return self.rows[self.at & 1023], float(action[0]), False, self.at >= 2520, {}

    return Noise()


def sac_pass():
    from stable_baselines3 import SAC

    agent = SAC(
        "MlpPolicy",
        noise_environment(),
        batch_size=256,
        buffer_size=20_000,
        learning_starts=300,
        policy_kwargs=dict(net_arch=[256, 256]),
        seed=0,
        device="cpu",
    )
    agent.learn(500)

    def run(_):
        agent.learn(200, reset_num_timesteps=False)
        return dict(steps=200)

    return run


def ppo_pass():
    from stable_baselines3 import PPO

    agent = PPO(
        "MlpPolicy",
        noise_environment(),
        n_steps=2048,
        batch_size=256,
        n_epochs=10,
        policy_kwargs=dict(net_arch=[256, 256]),
        seed=0,
        device="cpu",
    )

    def run(_):
        agent.learn(2048, reset_num_timesteps=False)
        return dict(steps=2048)

    return run


def mean_return(agent, name):
    from stable_baselines3.common.env_util import make_vec_env
    from stable_baselines3.common.evaluation import evaluate_policy

    mean, _ = evaluate_policy(agent, make_vec_env(name, n_envs=1, seed=1000), n_eval_episodes=20, deterministic=True)
    return dict(meanReturn=float(mean))


def pendulum_pass():
    from stable_baselines3 import SAC

    def run(seed):
        network = dict(net_arch=[64, 64])
        agent = SAC(
            "MlpPolicy", "Pendulum-v1", learning_rate=1e-3, batch_size=128, policy_kwargs=network, seed=seed, device="cpu"
        )
        agent.learn(10_000)
        return mean_return(agent, "Pendulum-v1")

    return run


def cartpole_pass():
    from stable_baselines3 import PPO
    from stable_baselines3.common.env_util import make_vec_env

    def run(seed):
        agent = PPO(
            "MlpPolicy",
            make_vec_env("CartPole-v1", n_envs=8, seed=seed),
            n_steps=32,
            batch_size=256,
            n_epochs=20,
            gamma=0.98,
            gae_lambda=0.8,
            learning_rate=lambda left: 1e-3 * left,
            seed=seed,
            device="cpu",
        )
        agent.learn(100_000)
        return mean_return(agent, "CartPole-v1")

    return run


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if case != "env":
    import torch

    torch.set_num_threads(threads)
run = dict(env=trading_pass, sac=sac_pass, ppo=ppo_pass, pendulum=pendulum_pass, cartpole=cartpole_pass)[case]()
print(json.dumps(dict(ready=True)), flush=True)
for line in sys.stdin:
    began, used = time.perf_counter(), processor()
    check = run(json.loads(line)["seed"])
    answer = dict(seconds=time.perf_counter() - began, processorSeconds=processor() - used, check=check)
    print(json.dumps(answer), flush=True)
