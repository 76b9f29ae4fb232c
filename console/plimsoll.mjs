#!/usr/bin/env node
// The bootstrap installs what is missing, then hands the arguments to the command line.
import { start } from '../infra/stack/bootstrap.mjs';

start(process.argv.slice(2));
