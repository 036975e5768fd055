// Files share a process, and what is built and stands in node_modules is imported once in it. The server's own modules
// are new in each: one of them knows the secrets of the whole process, and has no way to forget them.
import { vi } from 'vitest'

vi.resetModules()
