/** The timetable's door: runs what is due. */
export { runDueJobs } from './running.ts';
