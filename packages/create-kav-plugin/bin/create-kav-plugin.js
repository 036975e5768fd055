#!/usr/bin/env node
import { createKavPlugin } from '../dist/index.js'

process.exitCode = await createKavPlugin(process.argv.slice(2), (line) => console.log(line))
