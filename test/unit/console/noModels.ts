import { createModels } from '#console/desk/modelDesk.ts';

/** The models of a desk where none is registered. */
export const noModels = createModels({
  catalogue: { artifacts: () => Promise.resolve([]) },
  registry: { aliased: () => Promise.resolve(undefined) },
  objects: () => Promise.reject(new Error('nothing is stored')),
});
