/** An S3 bucket as we use it: immutable objects under keys. Large bytes live here; workflows carry keys and digests. */
export interface ObjectStore {
  /** Writes bytes under a key; writing the same bytes again changes nothing that a reader sees. */
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>;
  /** @throws Failure OBJECT_MISSING when no object has the key */
  get(key: string): Promise<Uint8Array>;
  exists(key: string): Promise<boolean>;
  /** Keys under a prefix, sorted. */
  list(prefix: string): Promise<readonly string[]>;
  /** Address another S3 client finds the object at: `s3://bucket/key`. */
  uri(key: string): string;
}
