/** What a person may do. */
export type Role = 'engineer' | 'reviewer' | 'operator';

/** People who may touch the system. */
export interface People {
  /** Whether an active person has the name and the role. */
  hasRole(name: string, role: Role): Promise<boolean>;
}
