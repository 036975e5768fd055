/** What a process that another one's stream comes to must know to take the call as that one would have. */
export interface CallTicket {
  /** Name of the pipeline that has the call. */
  readonly pipeline: string
  /** It was placed for this pipeline: the number that is shown is the operator's own. */
  readonly placed: boolean
}

/** As `CallPlace.ticket`. */
export function writeTicket({ pipeline, placed }: CallTicket): string {
  return `${placed ? 'out' : 'in'} ${pipeline}`
}

/** `undefined` for one that is none: of another version of Kav, perhaps. */
export function readTicket(text: string | undefined): CallTicket | undefined {
  const [, way, pipeline] = /^(in|out) (.+)$/.exec(text ?? '') ?? []
  return pipeline === undefined ? undefined : { pipeline, placed: way === 'out' }
}
