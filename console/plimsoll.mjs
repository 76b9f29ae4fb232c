#!/usr/bin/env node
// The bootstrap installs what is missing, then hands the arguments to the command line.
import '../infra/stack/bootstrap.mjs';
