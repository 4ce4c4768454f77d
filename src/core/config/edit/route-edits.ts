// Switching routes and profiles, as edits of the config file.
import { isObject } from '../../json/values.ts';
import type { RouteName } from '../route-names.ts';
import { noProfile } from '../router-config.ts';
import type { ConfigEdit } from './edit-data.ts';

/** Where a route stands: in the file's own routes, or in a profile's, which take their place while it is in force. */
export function routePath(route: RouteName, profile?: string): string[] {
  return profile === undefined ? ['routes', route] : ['profiles', profile, 'routes', route];
}

/** Leads a route to `target`; effort or threshold of the long form, which is `present` then, stay. */
export function routeEdit(route: RouteName, target: string, present: unknown, profile?: string): ConfigEdit {
  const path = routePath(route, profile);
  return { path: isObject(present) ? [...path, 'to'] : path, value: target };
}

/** Lets a route fall to the default one; one of a profile to that of the file. */
export function inheritEdit(route: RouteName, profile?: string): ConfigEdit {
  return { path: routePath(route, profile), delete: true };
}

/** Puts a profile in force, or none. */
export function profileEdit(name: string): ConfigEdit {
  return name === noProfile ? { path: ['profile'], delete: true } : { path: ['profile'], value: name };
}
