// Switching routes and profiles, as edits of the config file.
import { isObject } from '../../json/values.ts';
import { noProfile, type RouteName } from '../router-config.ts';
import type { ConfigEdit } from './edit-data.ts';

/** Leads a route to `target`; effort or threshold of the long form stay. */
export function routeEdit(route: RouteName, target: string, present: unknown): ConfigEdit {
  const path = ['routes', route];
  return { path: isObject(present) ? [...path, 'to'] : path, value: target };
}

/** Lets a route fall to the default one. */
export function inheritEdit(route: RouteName): ConfigEdit {
  return { path: ['routes', route], delete: true };
}

/** Puts a profile in force, or none. */
export function profileEdit(name: string): ConfigEdit {
  return name === noProfile ? { path: ['profile'], delete: true } : { path: ['profile'], value: name };
}
