// Switching a route, as an edit of the config file.
import { isObject } from '../../json/values.ts';
import type { RouteName } from '../router-config.ts';
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
