interface ImportMetaEnv {
  /** The origin of the Poolhouse server, where the demo runs on another origin than it. */
  readonly VITE_POOLHOUSE_SERVER?: string;
}
