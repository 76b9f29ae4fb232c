import { Failure } from '#domain/failure.ts';

/**
 * Does something with a file.
 * @throws Failure FILE_UNREADABLE, in the words of whoever could not do it
 */
export async function withFile<Result>(path: string, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    throw new Failure('FILE_UNREADABLE', `${path}: ${(error as Error).message}`, { path }, { cause: error });
  }
}
