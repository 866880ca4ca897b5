import { showResults } from './result-view.js';

showResults();
