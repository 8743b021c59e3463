import { defineConfig } from 'vite';
import { configOf } from './apps.ts';

export default defineConfig(configOf('portal'));
